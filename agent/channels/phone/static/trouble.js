// Why a call cannot be, or ended: `why` names the page's sentence, `blanks` fill it.

export class Trouble extends Error {
  constructor(why, blanks = {}) {
    super(why);
    this.why = why;
    this.blanks = blanks;
  }
}
