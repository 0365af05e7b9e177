package dev.rollcall.server.route;

import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.server.access.Operation;

/** What time is it? {@code /time/{callback or 0}}: one number. Clients ask to learn whether the server can be reached. */
final class TimeRoute implements Route {
    private final Gateway gateway;

    TimeRoute(Gateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public void serve(Call call) {
        if (call.path.size() > 2) {
            throw Router.notFound();
        }
        call.is(Operation.TIME);
        call.requireGet();
        call.wrapIn(call.path.segment(1));
        call.respondWhen(
                gateway.engine().timetoken(),
                timetoken -> Replies.feed(
                        new JsonWriter(24).raw('[').number(timetoken).raw(']').toByteArray()));
    }
}
