package dev.rollcall.server.filter;

import org.jspecify.annotations.Nullable;

/**
 * A word of a filter expression.
 *
 * @param kind what it is
 * @param text as it stands in the expression
 * @param value the value of a string or number, else null
 * @param position where it stands, counted from 1
 */
record Token(Kind kind, String text, @Nullable Object value, int position) {
    /** The kinds of words. */
    enum Kind {
        STRING,
        NUMBER,
        NAME,
        SYMBOL,
        END
    }

    /** Returns the word as error texts show it. */
    String shown() {
        return kind == Kind.END ? "the end" : '\'' + FilterLexer.shorten(text) + '\'';
    }
}
