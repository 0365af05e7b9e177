package dev.rollcall.server.filter;

import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.server.filter.Token.Kind;

/** Cuts a filter expression into words. */
final class FilterLexer {
    private static final int SHOWN = 20;
    private static final String[] SYMBOLS = {
        "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", ",", ".", "+", "-", "*", "/", "%"
    };

    private final String text;
    private int at;

    FilterLexer(String text) {
        this.text = text;
    }

    /** Returns the next word, {@link Kind#END} behind the last. */
    Token next() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        if (at == text.length()) {
            return new Token(Kind.END, "", null, at + 1);
        }
        char c = text.charAt(at);
        if (c == '\'' || c == '"') {
            return string(c);
        }
        if (isDigit(c)) {
            return number();
        }
        if (Character.isLetter(c) || c == '_' || c == '$') {
            return name();
        }
        for (String symbol : SYMBOLS) {
            if (text.startsWith(symbol, at)) {
                at += symbol.length();
                return new Token(Kind.SYMBOL, symbol, null, at - symbol.length() + 1);
            }
        }
        throw syntaxError(
                at + 1,
                "'" + text.substring(at, text.offsetByCodePoints(at, 1)) + "'",
                "a value, a field or an operator");
    }

    private Token name() {
        int start = at;
        while (at < text.length() && isNamePart(text.charAt(at))) {
            at++;
        }
        return new Token(Kind.NAME, text.substring(start, at), null, start + 1);
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }

    private Token string(char quote) {
        int start = at++;
        StringBuilder value = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == quote) {
                return new Token(Kind.STRING, text.substring(start, at), value.toString(), start + 1);
            }
            if (c == '\\' && at < text.length() && (text.charAt(at) == quote || text.charAt(at) == '\\')) {
                c = text.charAt(at++);
            }
            value.append(c);
        }
        throw syntaxError(start + 1, "an unfinished string", "a closing " + quote);
    }

    private Token number() {
        int start = at;
        boolean whole = true;
        skipDigits();
        if (at + 1 < text.length() && text.charAt(at) == '.' && isDigit(text.charAt(at + 1))) {
            whole = false;
            at++;
            skipDigits();
        }
        int exponent = at;
        if (exponent < text.length() && (text.charAt(exponent) | 0x20) == 'e') {
            exponent++;
            if (exponent < text.length() && (text.charAt(exponent) == '+' || text.charAt(exponent) == '-')) {
                exponent++;
            }
            if (exponent < text.length() && isDigit(text.charAt(exponent))) {
                whole = false;
                at = exponent;
                skipDigits();
            }
        }
        String word = text.substring(start, at);
        if (at < text.length() && isNamePart(text.charAt(at))) {
            throw syntaxError(start + 1, "'" + shorten(word + text.charAt(at)) + "'", "a number");
        }
        return new Token(Kind.NUMBER, word, whole ? wholeNumber(word) : (Object) Double.valueOf(word), start + 1);
    }

    private static Object wholeNumber(String word) {
        try {
            return Long.valueOf(word);
        } catch (NumberFormatException e) {
            return Double.valueOf(word);
        }
    }

    private void skipDigits() {
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static String shorten(String word) {
        return word.length() > SHOWN ? word.substring(0, SHOWN) + '…' : word;
    }

    static ProtocolException syntaxError(int position, String found, String expected) {
        return new ProtocolException(
                ErrorCode.FILTER_SYNTAX,
                "Filter syntax error at position " + position + ": found " + found + " (expected: " + expected + ")");
    }
}
