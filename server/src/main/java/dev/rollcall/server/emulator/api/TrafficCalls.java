package dev.rollcall.server.emulator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.engine.Subscribe;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.UserId;
import dev.rollcall.server.emulator.Emulator;
import dev.rollcall.server.emulator.JournalEntry;
import dev.rollcall.server.emulator.fault.ActiveFault;
import dev.rollcall.server.emulator.fault.Asked;
import dev.rollcall.server.emulator.fault.Fault;
import dev.rollcall.server.emulator.fault.FaultEffect.Close.How;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is done with requests of clients: they are shown, go wrong, are answered, cut off, or not heard. */
final class TrafficCalls {
    private static final int MOST_SHOWN = 1000;
    private static final Duration LONGEST_SILENCE = Duration.ofDays(365);

    private final Emulator emulator;

    TrafficCalls(Emulator emulator) {
        this.emulator = emulator;
    }

    List<Endpoint> endpoints() {
        return List.of(
                new Endpoint("GET", "/requests", this::requests),
                new Endpoint("GET", "/faults", this::faults),
                new Endpoint("POST", "/faults", this::addFault),
                new Endpoint("DELETE", "/faults", this::clearFaults),
                new Endpoint("GET", "/faults/{name}", this::fault),
                new Endpoint("DELETE", "/faults/{name}", this::removeFault),
                new Endpoint("POST", "/polls/answer", this::answerPolls),
                new Endpoint("POST", "/polls/close", this::closePolls),
                new Endpoint("POST", "/users/{name}/silence", this::silence),
                new Endpoint("DELETE", "/users/{name}/silence", this::unsilence));
    }

    private ObjectNode requests(ApiCall call) {
        Map<String, String> query = call.query("limit");
        int most = (int) ApiCall.number(query, "limit", MOST_SHOWN, 1, MOST_SHOWN);
        ObjectNode out = ApiCall.JSON.createObjectNode();
        ArrayNode list = out.putArray("requests");
        for (JournalEntry entry : emulator.journal(most)) {
            ObjectNode one = list.addObject();
            one.put("at", entry.at().toString());
            one.put("method", entry.method());
            one.put("path", entry.path());
            one.put("operation", entry.operation());
            if (entry.user() != null) {
                one.put("user", entry.user());
            }
            one.put("status", entry.status());
            one.put("millis", entry.millis());
            if (entry.fault() != null) {
                one.put("fault", entry.fault());
            }
        }
        return out;
    }

    private ObjectNode faults(ApiCall call) {
        call.query();
        ObjectNode out = ApiCall.JSON.createObjectNode();
        writeFaults(out.putArray("faults"));
        return out;
    }

    void writeFaults(ArrayNode list) {
        emulator.faults().all().forEach(fault -> FaultJson.write(list.addObject(), fault));
    }

    private ObjectNode addFault(ApiCall call) {
        Members body = call.body();
        String id = body.text("id");
        Fault fault = FaultJson.read(body);
        body.end();
        try {
            return shown(emulator.faults().add(id, fault));
        } catch (IllegalStateException e) {
            throw ApiException.of(409, String.valueOf(e.getMessage()), Map.of());
        }
    }

    private static ObjectNode shown(ActiveFault fault) {
        ObjectNode out = ApiCall.JSON.createObjectNode();
        FaultJson.write(out, fault);
        return out;
    }

    private ObjectNode clearFaults(ApiCall call) {
        call.query();
        return ApiCall.JSON.createObjectNode().put("removed", emulator.faults().clear());
    }

    private ActiveFault known(ApiCall call) {
        call.query();
        ActiveFault fault = emulator.faults().find(call.name);
        if (fault == null) {
            throw new ApiException(404, "fault: " + call.name, "the id of one that was added");
        }
        return fault;
    }

    private ObjectNode fault(ApiCall call) {
        return shown(known(call));
    }

    private ObjectNode removeFault(ApiCall call) {
        ActiveFault fault = known(call);
        var unused = emulator.faults().remove(fault.id());
        return shown(fault);
    }

    private ObjectNode answerPolls(ApiCall call) {
        Members body = call.body();
        String user = body.text("user");
        String channel = body.text("channel");
        body.end();
        int answered = emulator.answerPolls(subscribe -> includes(subscribe, user, channel));
        return ApiCall.JSON.createObjectNode().put("answered", answered);
    }

    private static boolean includes(Subscribe subscribe, @Nullable String user, @Nullable String channel) {
        UserId own = subscribe.user();
        return (user == null || own != null && own.value().equals(user))
                && (channel == null || subscribe.channels().contains(new Channel(channel)));
    }

    private ObjectNode closePolls(ApiCall call) {
        Members body = call.body();
        String user = body.text("user");
        String channel = body.text("channel");
        How how = FaultJson.how(body);
        body.end();
        int closed = emulator.cutPolls(asked -> includes(asked, user, channel), how == How.RST);
        return ApiCall.JSON.createObjectNode().put("closed", closed);
    }

    private static boolean includes(Asked asked, @Nullable String user, @Nullable String channel) {
        return (user == null || user.equals(asked.user()))
                && (channel == null || asked.channels().contains(channel));
    }

    private ObjectNode silence(ApiCall call) {
        Members body = call.body();
        Duration length = body.duration("for", false);
        if (length != null && (length.isZero() || length.compareTo(LONGEST_SILENCE) > 0)) {
            throw body.wrong("for", "more than 0, at most 8760h; left out for until it is ended");
        }
        body.end();
        UserId user = new UserId(call.name);
        emulator.silence(user, length);
        ObjectNode out = ApiCall.JSON.createObjectNode().put("user", user.value());
        if (length != null) {
            out.put("until", emulator.clock().now().plus(length).toString());
        }
        return out;
    }

    private ObjectNode unsilence(ApiCall call) {
        call.query();
        UserId user = new UserId(call.name);
        return ApiCall.JSON.createObjectNode().put("user", user.value()).put("wasSilent", emulator.unsilence(user));
    }
}
