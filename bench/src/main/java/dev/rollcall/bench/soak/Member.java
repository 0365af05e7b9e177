package dev.rollcall.bench.soak;

import dev.rollcall.bench.load.Requests;
import java.net.http.HttpResponse;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who is in a room from the beginning to the end, as an SDK would be: polls with their position, tries again after a failure, and
 * sends heartbeats. Once everybody is there they must not hear of anybody coming or going. Guarded by its own monitor.
 */
final class Member {
    private static final long RETRY_MILLIS = 200;
    private static final Pattern POSITION = Pattern.compile("^\\{\"t\":\\{\"t\":\"(\\d+)\"");
    private static final Pattern NUMBER = Pattern.compile("\\{\"n\":(\\d+)\\}");
    private static final Pattern ACTION = Pattern.compile("\"pn_action\":\"([a-z-]+)\"");

    /** What they ask for as the presence timeout, in seconds. */
    static final int LEASE_SECONDS = 20;

    private final Web web;
    private final Ledger ledger;
    private final Counts counts;
    private final ScheduledExecutorService timer;
    private final String room;
    private final String user;
    private final int number;
    private String position = "0";
    private boolean settled;
    private boolean stopped;

    Member(Web web, Ledger ledger, Counts counts, ScheduledExecutorService timer, String room, String user) {
        this.web = web;
        this.ledger = ledger;
        this.counts = counts;
        this.timer = timer;
        this.room = room;
        this.user = user;
        number = ledger.member();
    }

    String user() {
        return user;
    }

    /** Returns whether they have their first position, so that they miss nothing from now on. */
    synchronized boolean isThere() {
        return !position.equals("0");
    }

    /** Has every presence event from now on count as one too many. */
    synchronized void settle() {
        settled = true;
    }

    synchronized void stop() {
        stopped = true;
    }

    void poll() {
        String from;
        synchronized (this) {
            if (stopped) {
                return;
            }
            from = position;
        }
        String path = "/v2/subscribe/" + Requests.KEY + "/" + room + "," + room + "-pnpres/0?uuid=" + user
                + "&heartbeat=" + LEASE_SECONDS + "&tt=" + from;
        var unused = web.ask(path).whenComplete(this::answered);
    }

    private void answered(@Nullable HttpResponse<String> response, @Nullable Throwable failure) {
        if (response == null || response.statusCode() != 200 || !take(response.body())) {
            if (failure != null) {
                counts.add("requests without an answer");
            }
            synchronized (this) {
                if (stopped) {
                    return;
                }
            }
            var unused = timer.schedule(this::poll, RETRY_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        poll();
    }

    private synchronized boolean take(String body) {
        Matcher at = POSITION.matcher(body);
        if (!at.find()) {
            counts.add("answers that cannot be read");
            return false;
        }
        position = at.group(1);
        for (Matcher message = NUMBER.matcher(body); message.find(); ) {
            ledger.received(number, Integer.parseInt(message.group(1)));
        }
        for (Matcher event = ACTION.matcher(body); event.find(); ) {
            counts.add((settled ? "presence events in quiet rooms: " : "presence events while gathering: ")
                    + event.group(1));
        }
        return true;
    }

    void heartbeat() {
        var unused = web.ask(
                        Target.presence("/channel/" + room + "/heartbeat?uuid=" + user + "&heartbeat=" + LEASE_SECONDS))
                .exceptionally(failure -> {
                    counts.add("requests without an answer");
                    return null;
                });
    }
}
