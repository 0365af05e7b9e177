package dev.rollcall.server.filter;

import dev.rollcall.engine.MessageFilter;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.server.filter.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads filter expressions by recursive descent.
 *
 * <pre>{@code
 * or         = and { "||" and }
 * and        = comparison { "&&" comparison }
 * comparison = sum [ ( "==" | "!=" | "<" | "<=" | ">" | ">=" | "LIKE" | "CONTAINS" ) sum ]
 * sum        = product { ( "+" | "-" ) product }
 * product    = unary { ( "*" | "/" | "%" ) unary }
 * unary      = ( "!" | "-" ) unary | primary
 * primary    = string | number | "true" | "false" | "null" | field | "(" or { "," or } ")"
 * field      = name { "." name | "[" ( number | string ) "]" }
 * }</pre>
 *
 * <p>Keywords may be spelled in either case. A field is a key of the message's meta, or, behind {@code data}, of its payload; {@code
 * uuid} is the publisher where meta has no such key. Reading takes a time that grows with the length of the text.
 */
public final class FilterParser {
    /** The longest expression. */
    static final int MAX_LENGTH = 4096;

    /** The most words, operators and parentheses included: what a filter costs in memory. */
    static final int MAX_TOKENS = 1024;

    /**
     * The most operators that may have to look at a whole text or list: {@code LIKE}, {@code CONTAINS}, and comparisons of two fields. With
     * that, deciding about a message takes no longer than reading it some times.
     */
    static final int MAX_SEARCHES = 16;

    /** The deepest nesting of parentheses and signs. */
    static final int MAX_DEPTH = 64;

    private final FilterLexer lexer;
    private Token token;
    private int depth;
    private int tokens = 1;
    private int searches;

    private FilterParser(String text) {
        lexer = new FilterLexer(text);
        token = lexer.next();
    }

    /**
     * Reads an expression.
     *
     * @throws ProtocolException with {@link ErrorCode#FILTER_SYNTAX} if it is none; the text says where and what was expected
     */
    public static MessageFilter parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new ProtocolException(
                    ErrorCode.FILTER_SYNTAX,
                    "Filter syntax error: " + text.length() + " characters (expected: at most " + MAX_LENGTH + ")");
        }
        FilterParser parser = new FilterParser(text);
        Expression expression = parser.or();
        if (parser.token.kind() != Kind.END) {
            throw parser.unexpected("an operator or the end");
        }
        return new ExpressionFilter(expression, text.length());
    }

    private Expression or() {
        enter();
        Expression left = and();
        while (take("||")) {
            left = new Expression.Or(left, and());
        }
        depth--;
        return left;
    }

    private Expression and() {
        Expression left = comparison();
        while (take("&&")) {
            left = new Expression.And(left, comparison());
        }
        return left;
    }

    private Expression comparison() {
        Expression left = sum();
        Comparison operator = Comparison.of(token);
        if (operator == null) {
            return left;
        }
        Token word = token;
        advance();
        Expression right = sum();
        if (searches(operator, left, right) && ++searches > MAX_SEARCHES) {
            throw FilterLexer.syntaxError(
                    word.position(),
                    word.shown(),
                    "at most " + MAX_SEARCHES + " LIKE, CONTAINS and comparisons of two fields");
        }
        Expression compared = operator == Comparison.LIKE
                        && right instanceof Expression.Literal literal
                        && literal.constant() instanceof String pattern
                ? new Expression.Like(left, Pattern.of(pattern))
                : new Expression.Compared(operator, left, right);
        if (Comparison.of(token) != null) {
            throw unexpected("&&, || or the end; comparisons do not chain");
        }
        return compared;
    }

    private static boolean searches(Comparison operator, Expression left, Expression right) {
        if (operator == Comparison.CONTAINS && left instanceof Expression.Listed list) {
            return !list.members().stream().allMatch(Expression.Literal.class::isInstance);
        }
        return operator == Comparison.LIKE
                || operator == Comparison.CONTAINS
                || !(left instanceof Expression.Literal) && !(right instanceof Expression.Literal);
    }

    private Expression sum() {
        Expression left = product();
        while (true) {
            if (take("+")) {
                left = new Expression.Computed(Arithmetic.ADD, left, product());
            } else if (take("-")) {
                left = new Expression.Computed(Arithmetic.SUBTRACT, left, product());
            } else {
                return left;
            }
        }
    }

    private Expression product() {
        Expression left = unary();
        while (true) {
            if (take("*")) {
                left = new Expression.Computed(Arithmetic.MULTIPLY, left, unary());
            } else if (take("/")) {
                left = new Expression.Computed(Arithmetic.DIVIDE, left, unary());
            } else if (take("%")) {
                left = new Expression.Computed(Arithmetic.REMAINDER, left, unary());
            } else {
                return left;
            }
        }
    }

    private Expression unary() {
        enter();
        Expression expression;
        if (take("!")) {
            expression = new Expression.Not(unary());
        } else if (take("-")) {
            expression = new Expression.Computed(Arithmetic.SUBTRACT, new Expression.Literal(0L), unary());
        } else {
            expression = primary();
        }
        depth--;
        return expression;
    }

    private Expression primary() {
        Token first = token;
        switch (first.kind()) {
            case STRING, NUMBER -> {
                advance();
                return new Expression.Literal(first.value());
            }
            case NAME -> {
                advance();
                return named(first.text());
            }
            default -> {
                if (take("(")) {
                    return parenthesized();
                }
                throw unexpected("a value, a field or '('");
            }
        }
    }

    private Expression parenthesized() {
        Expression first = or();
        if (take(")")) {
            // One literal alone may be a list of one; see Expression.Listed.
            return first instanceof Expression.Literal ? new Expression.Listed(List.of(first)) : first;
        }
        var members = new ArrayList<Expression>();
        members.add(first);
        while (take(",")) {
            members.add(or());
        }
        expect(")", "',' or ')'");
        return new Expression.Listed(List.copyOf(members));
    }

    private Expression named(String name) {
        switch (name) {
            case "true", "TRUE" -> {
                return new Expression.Literal(true);
            }
            case "false", "FALSE" -> {
                return new Expression.Literal(false);
            }
            case "null", "NULL" -> {
                return new Expression.Literal(null);
            }
            default -> {
                return field(name);
            }
        }
    }

    private Expression field(String name) {
        var steps = new ArrayList<Object>();
        while (true) {
            if (take(".")) {
                if (token.kind() != Kind.NAME) {
                    throw unexpected("a name");
                }
                steps.add(token.text());
                advance();
            } else if (take("[")) {
                steps.add(index());
                expect("]", "']'");
            } else {
                break;
            }
        }
        if (name.equals("data")) {
            return new Expression.Field(Expression.Root.DATA, List.copyOf(steps));
        }
        if (name.equals("uuid") && steps.isEmpty()) {
            return new Expression.Field(Expression.Root.PUBLISHER, List.of());
        }
        if (!name.equals("meta") || steps.isEmpty()) {
            steps.add(0, name);
        }
        return new Expression.Field(Expression.Root.META, List.copyOf(steps));
    }

    private Object index() {
        Object value = token.value();
        if (token.kind() == Kind.STRING && value instanceof String key) {
            advance();
            return key;
        }
        if (value instanceof Long index && index <= Integer.MAX_VALUE) {
            advance();
            return index.intValue();
        }
        throw unexpected("an index or a quoted key");
    }

    private void enter() {
        if (++depth > MAX_DEPTH) {
            throw unexpected("at most " + MAX_DEPTH + " levels");
        }
    }

    private boolean take(String symbol) {
        if (token.kind() == Kind.SYMBOL && token.text().equals(symbol)) {
            advance();
            return true;
        }
        return false;
    }

    private void expect(String symbol, String expected) {
        if (!take(symbol)) {
            throw unexpected(expected);
        }
    }

    private void advance() {
        token = lexer.next();
        if (++tokens > MAX_TOKENS) {
            throw unexpected("at most " + MAX_TOKENS + " words and symbols");
        }
    }

    private ProtocolException unexpected(String expected) {
        return FilterLexer.syntaxError(token.position(), token.shown(), expected);
    }
}
