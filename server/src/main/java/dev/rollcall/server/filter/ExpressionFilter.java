package dev.rollcall.server.filter;

import dev.rollcall.engine.Message;
import dev.rollcall.engine.MessageFilter;

/** A filter made of an expression. Safe from any thread; never throws. */
final class ExpressionFilter implements MessageFilter {
    private static final FieldTable FIELDS = new FieldTable();

    /** What an expression takes for each character of its text, at most: a comparison is half a dozen objects. */
    private static final int BYTES_A_CHARACTER = 16;

    private final Expression expression;
    private final int length;

    /** Makes one of an expression that was read from a text of this length. */
    ExpressionFilter(Expression expression, int length) {
        this.expression = expression;
        this.length = length;
    }

    @Override
    public int footprint() {
        return length * BYTES_A_CHARACTER;
    }

    @Override
    public boolean accepts(Message message) {
        return expression.isTrue(FIELDS.of(message));
    }
}
