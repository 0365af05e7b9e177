package dev.rollcall.server.filter;

import dev.rollcall.engine.Message;
import dev.rollcall.engine.MessageFilter;

/** A filter made of an expression. Safe from any thread; never throws. */
final class ExpressionFilter implements MessageFilter {
    // A message is shown to one subscriber after the other on one thread, so the last one read is most often the next
    // one asked for.
    private static final ThreadLocal<MessageFields> LAST = new ThreadLocal<>();

    private final Expression expression;

    ExpressionFilter(Expression expression) {
        this.expression = expression;
    }

    @Override
    public boolean accepts(Message message) {
        MessageFields fields = LAST.get();
        if (fields == null || !fields.areOf(message)) {
            fields = new MessageFields(message);
            LAST.set(fields);
        }
        return expression.isTrue(fields);
    }
}
