package dev.rollcall.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The loop of a CometD client: handshake, first connect, subscribe, then connects that wait. */
public final class CometdSession implements PollSession {
    private static final Pattern CLIENT_ID = Pattern.compile("\"clientId\":\"([^\"]+)\"");

    private enum Step {
        HANDSHAKE,
        FIRST_CONNECT,
        SUBSCRIBE,
        CONNECT
    }

    private final int client;
    private final SubscribeSession.Reader reader;
    private Step step = Step.HANDSHAKE;
    private String cookie = "";
    private String id = "";
    private byte[] next = post(
            "[{\"channel\":\"/meta/handshake\",\"version\":\"1.0\",\"supportedConnectionTypes\":[\"long-polling\"]}]");

    /** Makes the session of a client. */
    public CometdSession(int client, SubscribeSession.Reader reader) {
        this.client = client;
        this.reader = reader;
    }

    @Override
    public void writeRequest(ByteBuf out) {
        out.writeBytes(next);
    }

    @Override
    public boolean isParking() {
        return step == Step.CONNECT;
    }

    @Override
    public void onAnswer(WireConnection connection, Answer answer) {
        if (answer.status != 200) {
            throw new IllegalStateException("status: " + answer.status + " (expected: 200)\n" + answer.body());
        }
        switch (step) {
            case HANDSHAKE -> {
                id = clientId(answer);
                cookie = cookie(answer);
                next = post("[{\"channel\":\"/meta/connect\",\"clientId\":\"" + id
                        + "\",\"connectionType\":\"long-polling\",\"advice\":{\"timeout\":0}}]");
                step = Step.FIRST_CONNECT;
            }
            case FIRST_CONNECT -> {
                next = post(
                        "[{\"channel\":\"/meta/subscribe\",\"clientId\":\"" + id + "\",\"subscription\":\"/room\"}]");
                step = Step.SUBSCRIBE;
            }
            case SUBSCRIBE -> {
                next = post("[{\"channel\":\"/meta/connect\",\"clientId\":\"" + id
                        + "\",\"connectionType\":\"long-polling\"}]");
                step = Step.CONNECT;
            }
            case CONNECT -> reader.read(client, connection, answer);
        }
    }

    /** Returns a handshake. */
    public static byte[] handshake() {
        return new CometdSession(0, (client, connection, answer) -> {}).next;
    }

    /** Returns the client id that a handshake was answered with. */
    public static String clientId(Answer answer) {
        Matcher id = CLIENT_ID.matcher(answer.body());
        if (!id.find()) {
            throw new IllegalStateException("answer: " + answer.body() + " (expected: a clientId)");
        }
        return id.group(1);
    }

    /** Returns the cookie that a handshake was answered with. */
    public static String cookie(Answer answer) {
        return answer.header("Set-Cookie").split(";")[0];
    }

    /** Returns a message that the server hears and acknowledges, CometD's nearest thing to a heartbeat. */
    public static byte[] heartbeat(String clientId, String cookie) {
        return post("[{\"channel\":\"/service/heartbeat\",\"clientId\":\"" + clientId + "\",\"data\":{}}]", cookie);
    }

    private byte[] post(String body) {
        return post(body, cookie);
    }

    private static byte[] post(String body, String cookie) {
        return ("POST /cometd/ HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: rollcall-bench\r\nAccept: */*\r\n"
                        + (cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n")
                        + "Content-Type: application/json;charset=UTF-8\r\nContent-Length: " + body.length()
                        + "\r\n\r\n"
                        + body)
                .getBytes(UTF_8);
    }
}
