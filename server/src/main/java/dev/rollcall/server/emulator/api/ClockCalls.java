package dev.rollcall.server.emulator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rollcall.server.emulator.Emulator;
import dev.rollcall.server.emulator.EmulatorClock;
import dev.rollcall.server.emulator.Keeping;
import dev.rollcall.server.emulator.Timeline;
import dev.rollcall.server.emulator.TimelineEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What is done with the clock. */
final class ClockCalls {
    /** The most events that an answer lists. */
    private static final int MOST_EVENTS = 1000;

    /** How long one call may take, in real time: moves in which very much happens are made in several. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Emulator emulator;
    private final EmulatorClock clock;
    private final LongSupplier nanoTime;
    private final BooleanSupplier isClosing;

    ClockCalls(Emulator emulator, LongSupplier nanoTime, BooleanSupplier isClosing) {
        this.emulator = emulator;
        this.clock = emulator.clock();
        this.nanoTime = nanoTime;
        this.isClosing = isClosing;
    }

    List<Endpoint> endpoints() {
        return List.of(
                new Endpoint("GET", "/clock", call -> {
                    call.query();
                    return state();
                }),
                new Endpoint("POST", "/clock/freeze", this::freeze),
                new Endpoint("POST", "/clock/run", this::run),
                new Endpoint("POST", "/clock/advance", this::advance));
    }

    /** Returns what the clock shows. */
    ObjectNode state() {
        ObjectNode out = ApiCall.JSON.createObjectNode();
        write(out);
        return out;
    }

    void write(ObjectNode out) {
        boolean isRunning = clock.isRunning();
        Instant now = clock.now();
        out.put("mode", isRunning ? "real" : "frozen");
        if (isRunning) {
            out.put("speed", clock.speed());
        }
        out.put("now", now.toString());
        out.put("epochMillis", now.toEpochMilli());
        out.put(
                "timetoken",
                Long.toString(
                        emulator.engine().timetoken().toCompletableFuture().join()));
    }

    private ObjectNode freeze(ApiCall call) {
        call.body().end();
        clock.freeze();
        return state();
    }

    private ObjectNode run(ApiCall call) {
        Members body = call.body();
        int speed = body.number("speed", 1, 1, EmulatorClock.FASTEST);
        body.end();
        clock.run(speed);
        return state();
    }

    private ObjectNode advance(ApiCall call) {
        Members body = call.body();
        Duration by = body.duration("by", false);
        Instant to = body.moment("to");
        Keeping keeping = keeping(body);
        Duration step = body.duration("step", false);
        if (step != null && step.isZero()) {
            throw body.wrong("step", "1ms or more");
        }
        if ((by == null) == (to == null)) {
            throw new ApiException(
                    400, by == null ? "by: none, and no to" : "by: beside to", "one of the two: by 5m, or to a moment");
        }
        body.end();
        if (clock.isRunning()) {
            throw new ApiException(400, "clock: runs by itself", "frozen: POST /emulator/v1/clock/freeze first");
        }
        Instant target = by == null ? to : clock.now().plus(by);
        long before = emulator.timeline().lastTimetoken();
        long started = nanoTime.getAsLong();
        BooleanSupplier isEnough = () ->
                call.isGivenUp() || isClosing.getAsBoolean() || nanoTime.getAsLong() - started > LONGEST.toNanos();
        boolean isCutShort;
        try {
            isCutShort = move(target, keeping, step, isEnough);
        } catch (IllegalStateException e) {
            // It was let run in between.
            throw ApiException.of(400, String.valueOf(e.getMessage()), Map.of());
        }
        if (isCutShort) {
            throw new ApiException(
                    503,
                    "advance: stopped at " + clock.now() + ", before " + target + ", after " + LONGEST.toSeconds()
                            + " s",
                    "a shorter way at once, as so much happens on it");
        }
        return answer(before);
    }

    private static Keeping keeping(Members body) {
        List<String> keep = body.texts("keep");
        if (keep == null) {
            return Keeping.NOBODY;
        }
        return keep.equals(List.of("all")) ? Keeping.EVERYBODY : Keeping.users(keep);
    }

    private boolean move(Instant target, Keeping keeping, @Nullable Duration step, BooleanSupplier isEnough) {
        if (step == null) {
            return clock.advanceUntil(target, keeping, isEnough);
        }
        if (target.isBefore(clock.now())
                || Duration.between(clock.now(), target).compareTo(EmulatorClock.FARTHEST) > 0) {
            // Says what is wrong with it.
            return clock.advanceUntil(target, keeping, isEnough);
        }
        while (clock.now().isBefore(target)) {
            Instant next = clock.now().plus(step);
            if (clock.advanceUntil(next.isBefore(target) ? next : target, keeping, isEnough)) {
                return true;
            }
        }
        return false;
    }

    private ObjectNode answer(long before) {
        List<TimelineEntry> entries = emulator.timeline().since(before, entry -> true, Timeline.MOST);
        ObjectNode out = ApiCall.JSON.createObjectNode();
        out.put("now", clock.now().toString());
        out.put("epochMillis", clock.epochMillis());
        int timeouts = 0;
        int intervals = 0;
        for (TimelineEntry entry : entries) {
            timeouts += entry.action().equals("timeout") ? 1 : 0;
            intervals += entry.action().equals("interval") ? 1 : 0;
        }
        out.put("timeouts", timeouts);
        out.put("intervals", intervals);
        ArrayNode events = out.putArray("events");
        entries.stream().limit(MOST_EVENTS).map(TimelineJson::write).forEach(events::add);
        return out;
    }
}
