import { withColours } from '../../../src/local/events/terminal-text';

const ESC = '\u001b';

describe('what a function prints', () => {
  test.each(['31', '1;38;5;8', '38;2;8;8;8;4', '48;5;8', '38:5:8', '58;5;8', ''])('keeps a colour: %j', (code) => {
    expect(withColours(`${ESC}[${code}mtext`, true)).toBe(`${ESC}[${code}mtext${ESC}[0m`);
  });

  test.each(['8', '08', '1;8', '38;5;8;8', '31;8;1', '38;2;1;2;3;8'])('cannot be hidden: %j', (code) => {
    expect(withColours(`${ESC}[${code}mtext`, true)).toBe(`text${ESC}[0m`);
  });
});
