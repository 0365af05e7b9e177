package dev.rollcall.server.access.pattern;

import dev.rollcall.server.access.pattern.Expression.Begin;
import dev.rollcall.server.access.pattern.Expression.Choice;
import dev.rollcall.server.access.pattern.Expression.End;
import dev.rollcall.server.access.pattern.Expression.One;
import dev.rollcall.server.access.pattern.Expression.Repeat;
import dev.rollcall.server.access.pattern.Expression.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes apart what the matcher has compiled already, so it need not say what is wrong. Knows the part of RE2's syntax that people write
 * names with; of the rest (flags, word boundaries, classes by Unicode property or POSIX name, quoting, numeric escapes) it says that it
 * does not know. A dot is any character at all, as it is to the matcher here.
 */
final class ExpressionParser {
    private static final Pattern COUNTS = Pattern.compile("(0|[1-9][0-9]{0,3})(,(0|[1-9][0-9]{0,3})?)?");
    private static final CodePoints DIGITS = CodePoints.ranges("09");
    private static final CodePoints BLANKS = CodePoints.ranges("\t\n\f\r  ");
    private static final CodePoints WORD = CodePoints.ranges("09AZ__az");

    private final String text;
    private int at;

    private ExpressionParser(String text) {
        this.text = text;
    }

    /**
     * Returns what {@code pattern}, which the matcher takes, says.
     *
     * @throws UndecidableException if it says something that is not known here
     */
    static Expression parse(String pattern) throws UndecidableException {
        ExpressionParser parser = new ExpressionParser(pattern);
        Expression whole = parser.choice();
        if (parser.at < pattern.length()) {
            throw new UndecidableException("unexpected )");
        }
        return whole;
    }

    private boolean isAtEnd() {
        return at >= text.length();
    }

    private boolean takes(String word) {
        if (text.startsWith(word, at)) {
            at += word.length();
            return true;
        }
        return false;
    }

    private int next() throws UndecidableException {
        if (isAtEnd()) {
            throw new UndecidableException("unexpected end");
        }
        int codePoint = text.codePointAt(at);
        at += Character.charCount(codePoint);
        return codePoint;
    }

    private Expression choice() throws UndecidableException {
        List<Expression> parts = new ArrayList<>();
        do {
            parts.add(sequence());
        } while (takes("|"));
        return parts.size() == 1 ? parts.get(0) : new Choice(parts);
    }

    private Expression sequence() throws UndecidableException {
        List<Expression> parts = new ArrayList<>();
        while (!isAtEnd() && text.charAt(at) != '|' && text.charAt(at) != ')') {
            parts.add(repeats(atom()));
        }
        return new Sequence(parts);
    }

    private Expression repeats(Expression atom) throws UndecidableException {
        Expression repeated = atom;
        while (true) {
            Repeat repeat = repeat(repeated);
            if (repeat == null) {
                return repeated;
            }
            // A question mark behind it says which match is preferred, not what matches.
            takes("?");
            repeated = repeat;
        }
    }

    private @Nullable Repeat repeat(Expression of) throws UndecidableException {
        if (takes("*")) {
            return new Repeat(of, 0, Expression.UNBOUNDED);
        }
        if (takes("+")) {
            return new Repeat(of, 1, Expression.UNBOUNDED);
        }
        if (takes("?")) {
            return new Repeat(of, 0, 1);
        }
        boolean isCounted = text.startsWith("{", at) && at + 1 < text.length() && isDigit(text.charAt(at + 1));
        if (!isCounted) {
            // Then a brace is a character like any other.
            return null;
        }
        int end = text.indexOf('}', at);
        String counts = end < 0 ? "" : text.substring(at + 1, end);
        if (!COUNTS.matcher(counts).matches()) {
            throw new UndecidableException("counts");
        }
        at = end + 1;
        int comma = counts.indexOf(',');
        int least = Integer.parseInt(comma < 0 ? counts : counts.substring(0, comma));
        if (comma < 0) {
            return new Repeat(of, least, least);
        }
        String most = counts.substring(comma + 1);
        return new Repeat(of, least, most.isEmpty() ? Expression.UNBOUNDED : Integer.parseInt(most));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private Expression atom() throws UndecidableException {
        int c = next();
        return switch (c) {
            case '.' -> new One(CodePoints.ALL);
            case '^' -> new Begin();
            case '$' -> new End();
            case '(' -> group();
            case '[' -> new One(bracket());
            case '\\' -> escape();
            default -> new One(CodePoints.of(c));
        };
    }

    private Expression group() throws UndecidableException {
        if (takes("?P<") || takes("?<")) {
            int end = text.indexOf('>', at);
            if (end < 0) {
                throw new UndecidableException("a name without end");
            }
            at = end + 1;
        } else if (!takes("?:") && takes("?")) {
            throw new UndecidableException("flags");
        }
        Expression inner = choice();
        if (!takes(")")) {
            throw new UndecidableException("a group without end");
        }
        return inner;
    }

    private Expression escape() throws UndecidableException {
        if (takes("A")) {
            return new Begin();
        }
        if (takes("z")) {
            return new End();
        }
        return new One(escaped());
    }

    /** Returns the characters that the escape before {@code at} stands for, inside of brackets and outside. */
    private CodePoints escaped() throws UndecidableException {
        int c = next();
        return switch (c) {
            case 'd' -> DIGITS;
            case 'D' -> DIGITS.complement();
            case 's' -> BLANKS;
            case 'S' -> BLANKS.complement();
            case 'w' -> WORD;
            case 'W' -> WORD.complement();
            case 'n' -> CodePoints.of('\n');
            case 'r' -> CodePoints.of('\r');
            case 't' -> CodePoints.of('\t');
            case 'f' -> CodePoints.of('\f');
            default -> {
                boolean isPunctuation = c < 0x80 && !Character.isLetterOrDigit(c) && c != '_';
                if (!isPunctuation) {
                    throw new UndecidableException("an escape");
                }
                yield CodePoints.of(c);
            }
        };
    }

    private CodePoints bracket() throws UndecidableException {
        boolean negated = takes("^");
        List<CodePoints> parts = new ArrayList<>();
        boolean first = true;
        while (first || !takes("]")) {
            first = false;
            if (text.startsWith("[:", at)) {
                throw new UndecidableException("a POSIX class");
            }
            int c = next();
            CodePoints low = c == '\\' ? escaped() : CodePoints.of(c);
            boolean isRange = text.startsWith("-", at) && !text.startsWith("-]", at);
            if (!isRange) {
                parts.add(low);
                continue;
            }
            at++;
            int d = next();
            parts.add(span(low, d == '\\' ? escaped() : CodePoints.of(d)));
        }
        CodePoints union = CodePoints.union(parts);
        return negated ? union.complement() : union;
    }

    private static CodePoints span(CodePoints low, CodePoints high) throws UndecidableException {
        if (!low.isOne() || !high.isOne() || low.first() > high.first()) {
            throw new UndecidableException("a range between classes");
        }
        return CodePoints.range(low.first(), high.first());
    }
}
