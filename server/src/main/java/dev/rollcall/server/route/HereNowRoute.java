package dev.rollcall.server.route;

import dev.rollcall.engine.Engine;
import dev.rollcall.engine.HereNowQuery;
import dev.rollcall.engine.RosterPage;
import dev.rollcall.engine.Targets;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.InvalidValueException;
import dev.rollcall.protocol.JsonWriter;
import dev.rollcall.protocol.Limits;
import dev.rollcall.protocol.ProtocolException;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.http.Response;
import dev.rollcall.server.limit.Limit;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who is here? {@code /v2/presence/sub-key/{key}/channel/{channels}}, and without the last two segments, everywhere. One channel, spelled
 * without a comma and with no group beside it, is answered in another shape than anything else.
 */
final class HereNowRoute {
    private final Gateway gateway;

    HereNowRoute(Gateway gateway) {
        this.gateway = gateway;
    }

    void serve(Call call, SubscribeKey key, boolean everywhere) {
        Query query = call.query;
        boolean withUsers = !query.isOn("disable_uuids") && !query.isOn("disable-uuids");
        boolean withState = query.isOn("state");
        int limit = limit(query.get("limit"));
        int offset = offset(query.get("offset"));
        Targets targets = Targets.NONE;
        boolean single = false;
        if (everywhere) {
            gateway.admit(call, key, List.of(), List.of(), call.user());
            if (!gateway.settings(key).globalHereNow()) {
                throw new ProtocolException(ErrorCode.FEATURE_OFF);
            }
        } else {
            targets = gateway.targets(call, key, PresenceRoute.SUBJECT, call.user());
            single = query.names("channel-group").isEmpty() && !call.path.hasSeparator(PresenceRoute.SUBJECT);
            if (targets.isEmpty()) {
                // Only presence channels were asked for. Nobody is there; asking the engine for no target would mean
                // everywhere.
                call.respond(single ? one(null, withUsers, withState) : many(List.of(), withUsers, withState));
                return;
            }
        }
        var asked = new HereNowQuery(key, targets, withUsers, limit, offset);
        boolean one = single;
        Function<List<RosterPage>, Response> answer = pages -> one
                ? one(pages.isEmpty() ? null : pages.get(0), withUsers, withState)
                : many(pages, withUsers, withState);
        if (everywhere) {
            countFirst(call, asked, answer);
            return;
        }
        var size = new Expansion.Size(targets.channels().size(), 0);
        Expansion.check(call, gateway, key, size, targets.groups(), channels -> {
            if (withUsers && channels * limit > gateway.limits().answers().listedOccupants()) {
                countFirst(call, asked, answer);
            } else {
                gateway.respondWhen(call, gateway.engine().hereNow(asked), answer);
            }
        });
    }

    /** Asks how many there are before it asks who, where they may be too many for one answer. */
    private void countFirst(Call call, HereNowQuery asked, Function<List<RosterPage>, Response> answer) {
        Engine engine = gateway.engine();
        if (!asked.includeUsers() || asked.limit() == 0) {
            gateway.respondWhen(call, engine.hereNow(asked), answer);
            return;
        }
        int most = gateway.limits().answers().listedOccupants();
        var counts = new HereNowQuery(asked.key(), asked.targets(), false, 0, 0);
        CompletionStage<List<RosterPage>> pages = engine.hereNow(counts).thenCompose(empty -> {
            long listed = 0;
            for (RosterPage page : empty) {
                listed += Math.max(0, Math.min(asked.limit(), page.occupancy() - (long) asked.offset()));
            }
            if (listed > most) {
                throw gateway.limits().over(Limit.MAX_LISTED_OCCUPANTS, listed + " occupants in one answer", most);
            }
            return engine.hereNow(asked);
        });
        gateway.respondWhen(call, pages, answer);
    }

    private static int limit(@Nullable String text) {
        long limit = number("limit", text, Limits.HERE_NOW_PAGE);
        if (limit > Limits.HERE_NOW_PAGE) {
            throw new InvalidValueException("Cannot return more than " + Limits.HERE_NOW_PAGE + " uuids at a time");
        }
        if (limit < 0) {
            throw new InvalidValueException("Limit must be greater than or equal to 0");
        }
        return (int) limit;
    }

    private static int offset(@Nullable String text) {
        long offset = number("offset", text, 0);
        if (offset < 0) {
            throw new InvalidValueException("Offset must be greater than or equal to 0");
        }
        return (int) Math.min(offset, Integer.MAX_VALUE);
    }

    private static long number(String name, @Nullable String text, long absent) {
        if (text == null || text.isEmpty()) {
            return absent;
        }
        boolean negative = text.charAt(0) == '-';
        long value = 0;
        for (int i = negative ? 1 : 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw notNumber(name, text);
            }
            value = Math.min(value * 10 + digit, Integer.MAX_VALUE + 1L);
        }
        if (negative && text.length() == 1) {
            throw notNumber(name, text);
        }
        return negative ? -value : value;
    }

    private static InvalidValueException notNumber(String name, String text) {
        String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
        return new InvalidValueException(name + ": " + shown + " (expected: a whole number)");
    }

    private Response one(@Nullable RosterPage page, boolean withUsers, boolean withState) {
        if (page == null) {
            JsonWriter out = Replies.beginPresence(128);
            return Replies.endPresence(out.raw(withUsers ? ",\"uuids\":[],\"occupancy\":0" : ",\"occupancy\":0"));
        }
        return Replies.presence(
                withUsers ? page.answer(withState, this::oneWithUsers) : oneWithoutUsers(page.occupancy()));
    }

    private byte[] oneWithUsers(RosterPage page, boolean withState) {
        JsonWriter out = Replies.beginPresence(
                        gateway.writer(128 + page.occupants().size() * 48))
                .raw(",\"uuids\":");
        page.writeOccupants(out, withState);
        return Replies.presenceBody(out.raw(",\"occupancy\":").number(page.occupancy()));
    }

    private static byte[] oneWithoutUsers(int occupancy) {
        return Replies.presenceBody(
                Replies.beginPresence(96).raw(",\"occupancy\":").number(occupancy));
    }

    private Response many(List<RosterPage> pages, boolean withUsers, boolean withState) {
        JsonWriter out =
                Replies.beginPresence(gateway.writer(192 + pages.size() * 256)).raw(",\"payload\":{\"channels\":{");
        String separator = "";
        long channels = 0;
        long occupancy = 0;
        for (RosterPage page : pages) {
            if (page.occupancy() == 0) {
                continue;
            }
            channels++;
            occupancy += page.occupancy();
            out.raw(separator).string(page.channel().name()).raw(":{");
            if (withUsers) {
                out.raw("\"uuids\":");
                page.writeOccupants(out, withState);
                out.raw(',');
            }
            out.raw("\"occupancy\":").number(page.occupancy()).raw('}');
            separator = ",";
        }
        out.raw("},\"total_channels\":").number(channels);
        return Replies.endPresence(
                out.raw(",\"total_occupancy\":").number(occupancy).raw('}'));
    }
}
