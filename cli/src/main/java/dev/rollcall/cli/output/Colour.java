package dev.rollcall.cli.output;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi.Style;

/** What stands out, where there are colours. */
public enum Colour {
    /** None. */
    PLAIN(null),
    /** The name of something. */
    BOLD(Style.bold),
    /** Less important. */
    DIM(Style.faint),
    /** Good news. */
    GREEN(Style.fg_green),
    /** Bad news. */
    RED(Style.fg_red),
    /** News. */
    YELLOW(Style.fg_yellow),
    /** Other news. */
    CYAN(Style.fg_cyan);

    private final @Nullable Style style;

    Colour(@Nullable Style style) {
        this.style = style;
    }

    String paint(String text) {
        return style == null ? text : Style.on(style) + text + Style.off(style);
    }
}
