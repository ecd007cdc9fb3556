"""Speech engines that run here: recognizer and voice, their models verified by hash. Clear text and audio; nothing is kept."""
