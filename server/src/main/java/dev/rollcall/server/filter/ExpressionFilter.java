package dev.rollcall.server.filter;

import dev.rollcall.engine.Message;
import dev.rollcall.engine.MessageFilter;

/** A filter made of an expression. Safe from any thread; never throws. */
final class ExpressionFilter implements MessageFilter {
    private static final FieldTable FIELDS = new FieldTable();

    private final Expression expression;

    ExpressionFilter(Expression expression) {
        this.expression = expression;
    }

    @Override
    public boolean accepts(Message message) {
        return expression.isTrue(FIELDS.of(message));
    }
}
