package dev.rollcall.server.route;

import dev.rollcall.engine.Heartbeat;
import dev.rollcall.engine.Leave;
import dev.rollcall.engine.Targets;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.access.Operation;

/**
 * Everything under {@code /v2/presence/sub-key/{key}}, which old clients spell {@code sub_key}. Serves heartbeats and leaves itself and
 * hands the rest on.
 */
final class PresenceRoute implements Route {
    private static final int KEY = 3;
    private static final int KIND = 4;

    /** The segment of channels, or of the user of where-now. */
    static final int SUBJECT = 5;

    private static final int ACTION = 6;

    private final Gateway gateway;
    private final HereNowRoute hereNow;
    private final WhereNowRoute whereNow;
    private final StateRoute state;

    PresenceRoute(Gateway gateway) {
        this.gateway = gateway;
        hereNow = new HereNowRoute(gateway);
        whereNow = new WhereNowRoute(gateway);
        state = new StateRoute(gateway);
    }

    @Override
    public void serve(Call call) {
        Path path = call.path;
        if (!path.is(2, "sub-key") && !path.is(2, "sub_key")) {
            throw Router.notFound();
        }
        Operation operation = operation(path);
        call.is(operation);
        if (operation == Operation.HEARTBEAT || operation == Operation.LEAVE) {
            // A page that goes away can only post: navigator.sendBeacon has no other method. Whatever it posts means
            // nothing.
            call.requireGetOrPost();
        } else {
            call.requireGet();
        }
        call.wrapIn(call.query.get("callback"));
        SubscribeKey key = gateway.key(call, KEY);
        gateway.requirePresence(key);
        switch (operation) {
            case HEARTBEAT -> heartbeat(call, key);
            case LEAVE -> leave(call, key);
            case HERE_NOW -> hereNow.serve(call, key, path.size() == KIND);
            case WHERE_NOW -> whereNow.serve(call, key);
            case GET_STATE -> state.get(call, key);
            case SET_STATE -> state.set(call, key);
            default -> throw Router.notFound();
        }
    }

    private static Operation operation(Path path) {
        int size = path.size();
        if (size == KIND) {
            return Operation.HERE_NOW;
        }
        if (path.is(KIND, "uuid") && size <= SUBJECT + 1) {
            return Operation.WHERE_NOW;
        }
        if (path.is(KIND, "channel")) {
            if (size == ACTION) {
                return Operation.HERE_NOW;
            }
            if (path.is(ACTION, "heartbeat") && size == ACTION + 1) {
                return Operation.HEARTBEAT;
            }
            if (path.is(ACTION, "leave") && size == ACTION + 1) {
                return Operation.LEAVE;
            }
            if (path.is(ACTION, "uuid") && size <= ACTION + 2) {
                return Operation.GET_STATE;
            }
            if (path.is(ACTION, "uuid") && path.is(ACTION + 2, "data") && size == ACTION + 3) {
                return Operation.SET_STATE;
            }
        }
        throw Router.notFound();
    }

    private void heartbeat(Call call, SubscribeKey key) {
        UserId user = call.requireUser();
        Targets targets = gateway.targets(call, key, SUBJECT, user);
        var states = States.parseMap(call.query, targets.channels(), targets.groups());
        var heartbeat = new Heartbeat(key, user, targets, PresenceTimeouts.parse(call.query.text("heartbeat")), states);
        var size = new Expansion.Size(targets.channels().size(), States.largest(states, targets.groups()));
        Expansion.check(
                call,
                gateway,
                key,
                size,
                targets.groups(),
                channels -> call.respondWhen(gateway.engine().heartbeat(heartbeat), done -> Replies.HEARTBEAT));
    }

    private void leave(Call call, SubscribeKey key) {
        UserId user = call.requireUser();
        Targets targets = gateway.targets(call, key, SUBJECT, user);
        var size = new Expansion.Size(targets.channels().size(), 0);
        Expansion.check(
                call,
                gateway,
                key,
                size,
                targets.groups(),
                channels ->
                        call.respondWhen(gateway.engine().leave(new Leave(key, user, targets)), done -> Replies.LEAVE));
    }

    /** Returns the user a path segment names, and refuses an empty one. */
    static UserId user(Call call, int index) {
        String uuid = call.path.segment(index);
        if (uuid.isEmpty()) {
            throw new ProtocolException(ErrorCode.MISSING_USER_ID);
        }
        return new UserId(uuid);
    }
}
