package dev.rollcall.cli.output;

/** What stands out, where there are colours. */
public enum Colour {
    /** None. */
    PLAIN(0, 0),
    /** The name of something. */
    BOLD(1, 22),
    /** Less important. */
    DIM(2, 22),
    /** Good news. */
    GREEN(32, 39),
    /** Bad news. */
    RED(31, 39),
    /** News. */
    YELLOW(33, 39),
    /** Other news. */
    CYAN(36, 39);

    private final int on;
    private final int off;

    /** Takes the codes of ECMA-48 that switch it on and off. */
    Colour(int on, int off) {
        this.on = on;
        this.off = off;
    }

    String paint(String text) {
        return on == 0 ? text : "\u001b[" + on + 'm' + text + "\u001b[" + off + 'm';
    }
}
