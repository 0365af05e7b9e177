package dev.rollcall.cli.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rollcall.cli.context.RawRequest;
import dev.rollcall.cli.context.Target;
import dev.rollcall.client.RollcallClient;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Whether a poll may wait, and is answered at once when something happens: what proxies between the two spoil. */
final class PollCheck {
    private static final String CHECK = "poll";
    private static final Duration AT_ONCE = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int OK = 200;

    private final Probe probe;
    private final Target target;
    private final String channel;

    PollCheck(Probe probe, Target target, String channel) {
        this.probe = probe;
        this.target = target;
        this.channel = channel;
    }

    /** Has a poll wait for so long, and then something happen. */
    Finding survives(Duration length) {
        try {
            JsonNode begin = JsonMapper.builder()
                    .build()
                    .readTree(sent("0", PATIENCE).get().body());
            String position = begin.path("t").path("t").asText();
            CompletableFuture<HttpResponse<String>> poll = sent(position, length.plus(PATIENCE));
            try {
                HttpResponse<String> early = poll.get(length.toMillis(), TimeUnit.MILLISECONDS);
                if (early.statusCode() != OK) {
                    return cut("was cut off with status " + early.statusCode());
                }
                return Finding.info(
                        CHECK, "polls: somebody else came or went meanwhile; try again, or another --channel");
            } catch (TimeoutException e) {
                // It waits, as it should.
            }
            return answered(poll, length);
        } catch (ExecutionException e) {
            return cut("broke off: " + (e.getCause() instanceof IOException io ? Probe.why(io) : e.getCause()));
        } catch (JsonProcessingException e) {
            return cut("got an answer that is no JSON");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Finding.info(CHECK, "polls: interrupted");
        }
    }

    private CompletableFuture<HttpResponse<String>> sent(String position, Duration timeout) {
        String path = "/v2/subscribe/" + RawRequest.encoded(target.key()) + '/' + RawRequest.encoded(channel)
                + "-pnpres/0?tt=" + position + "&uuid=doctor";
        return probe.http().sendAsync(probe.request(path, timeout), BodyHandlers.ofString());
    }

    private Finding answered(CompletableFuture<HttpResponse<String>> poll, Duration length)
            throws InterruptedException, ExecutionException {
        String other = "doctor-" + Integer.toString(ThreadLocalRandom.current().nextInt(1 << 30), 36);
        try (RollcallClient client = target.ordinary(other)) {
            var unused = client.presence().channels(channel).future().get();
            HttpResponse<String> answer = poll.get(AT_ONCE.toMillis(), TimeUnit.MILLISECONDS);
            return answer.statusCode() == OK
                    ? Finding.good(CHECK, "a poll waits for " + length.toSeconds() + " s, and is answered at once")
                    : cut("was cut off with status " + answer.statusCode());
        } catch (TimeoutException e) {
            return Finding.bad(
                    CHECK,
                    "something happened, and the poll that waited for it has no answer after " + AT_ONCE.toSeconds()
                            + " s",
                    "something in between holds answers back: switch buffering off there (nginx: proxy_buffering off)");
        } finally {
            poll.cancel(true);
        }
    }

    private static Finding cut(String how) {
        return Finding.bad(
                CHECK,
                "a poll that waited " + how,
                "something in between does not let polls wait: nginx: proxy_read_timeout 330s, and alike elsewhere");
    }
}
