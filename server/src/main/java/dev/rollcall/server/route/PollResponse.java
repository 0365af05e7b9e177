package dev.rollcall.server.route;

import dev.rollcall.engine.Answer;
import dev.rollcall.engine.Delivery;
import dev.rollcall.engine.PollListener;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.server.access.Operation;
import dev.rollcall.server.access.Refusal;
import dev.rollcall.server.http.Exchange;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.metrics.RequestMetrics;
import java.util.List;
import java.util.function.Function;

/** The way back of a poll. Thousands of these wait, so it holds as little as can be: nothing of the request. */
class PollResponse implements PollListener {
    private static final long TIMETOKENS_PER_MILLISECOND = 10_000;

    private static final int OK = 200;

    /** An answer of no more is written where it is found. */
    private static final int LIGHT_BYTES = 1024;

    private final Exchange exchange;
    private final Form form;

    /** Whether it was not answered at once: what it is told then has just happened. */
    private boolean waits;

    PollResponse(Exchange exchange, Form form) {
        this.exchange = exchange;
        this.form = form;
    }

    /** Takes note that the poll waits, unless it was answered meanwhile. */
    final void waits() {
        waits = true;
    }

    /** Takes note of the status of the answer. */
    void answered(int status) {}

    @Override
    public void onAnswer(Answer answer) {
        List<Delivery> deliveries = answer.deliveries();
        if (waits && !deliveries.isEmpty()) {
            long timetoken = deliveries.get(deliveries.size() - 1).message().timetoken();
            form.metrics.delivered(System.currentTimeMillis() - timetoken / TIMETOKENS_PER_MILLISECOND);
        }
        if (form.isHeavy(answer)) {
            taken(OK);
            Form writes = form;
            exchange.respondLazily(() -> response(writes, answer));
        } else {
            respond(response(form, answer));
        }
    }

    private static Response response(Form form, Answer answer) {
        byte[] body = form.body.apply(answer);
        return answer.hasGap() ? Replies.feedAfterGap(body) : Replies.feed(body);
    }

    @Override
    public void onFailure(ProtocolException failure) {
        respond(Call.errorResponse(Operation.SUBSCRIBE, failure));
    }

    /** Answers that the gate has closed while the poll waited. */
    void refuse(Refusal refusal) {
        respond(Call.errorResponse(Operation.SUBSCRIBE, new RefusedException(refusal)));
    }

    private void respond(Response response) {
        taken(response.status());
        exchange.respond(response);
    }

    private void taken(int status) {
        form.metrics.polled(status);
        answered(status);
    }

    /**
     * What polls have in common.
     *
     * @param metrics where they are counted
     * @param body how an answer is written
     * @param isShared whether that is done once for all who get the same answer
     */
    record Form(RequestMetrics metrics, Function<Answer, byte[]> body, boolean isShared) {
        /** Returns the same form, wrapped into a function call. */
        Form wrappedIn(Jsonp callback) {
            return new Form(metrics, answer -> callback.wrap(body.apply(answer)), false);
        }

        /** Returns whether many who wait for such an answer at once would hold too much, if each had it written already. */
        boolean isHeavy(Answer answer) {
            return isShared
                    ? !answer.isEncoded() && answer.messageBytes() > LIGHT_BYTES
                    : !answer.deliveries().isEmpty();
        }
    }
}
