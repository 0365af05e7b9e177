package dev.rollcall.server;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Makes requests that are odd in one way or several: names, parameters, methods, bodies, single bytes, framing. */
final class OddRequests {
    private static final String[] NAMES = {
        "a", "b", "room", "room-pnpres", "room-pnpres-pnpres", "-pnpres", "a.*", "*", ".*", "a.*-pnpres", "", ",",
                "%2C", "a,a",
        "a,b,room", "a%2Cb", "%00", "%FF", "%C0%AF", "%ED%A0%80", "%", "%z", "%F0%9F%98%80", "a%20b", "a+b", "a%2Fb",
                "..", ".",
        "a!@$^&*()[]{}<>|`~'\"", "%25", "\u00c5\u00bb", "\u00ff", "0", "null", "a;b", "a:b", ":", "a\\b"
    };
    private static final String[] KEYS = {"sub", "sub2", "", "s%20b", "%FF", "sub-key", "a.b~c_d"};
    private static final String[] NUMBERS = {
        "",
        "0",
        "1",
        "-1",
        "300",
        "1e3",
        "12.5",
        "abc",
        "99999999999999999999",
        "17000000000000000",
        "+5",
        "%20",
        "0x10",
        "1000",
        "1001"
    };
    private static final String[] STATES = {
        "",
        "{}",
        "{%22a%22:1}",
        "{%22room%22:{%22k%22:null}}",
        "[",
        "[]",
        "null",
        "{%22a%22:{%22b%22:[1,2,{}]}}",
        "%7B%22a%22%3A%22%C5%BB%22%7D",
        "{%22a%22:NaN}",
        "{%22a%22:1e999999}",
        "{%22a%22:%22\\uD800%22}",
        "{%22a%22:1}x",
        "{{",
        "%FF",
        "{%22%22:{}}"
    };
    private static final String[] FILTERS = {
        "",
        "uuid%3D%3D'u'",
        "a%20LIKE%20'*'",
        "('a','b')%20contains%20c",
        "((((",
        "data.a[0]==1",
        "a==",
        "!",
        "'",
        "%FF",
        "1%2F0==1",
        "pn_action=='join'"
    };
    private static final String[] PAYLOADS = {
        "1",
        "%22x%22",
        "{%22a%22:1}",
        "nojson",
        "",
        "null",
        "[1,2,[3]]",
        "%22%F0%9F%98%80%22",
        "{%22a/b%22:1}",
        "%FF",
        "1%202",
        "tru"
    };
    private static final String[] PARAMETERS = {
        "uuid",
        "tt",
        "tr",
        "heartbeat",
        "state",
        "channel-group",
        "filter-expr",
        "limit",
        "offset",
        "disable_uuids",
        "callback",
        "add",
        "remove",
        "meta",
        "norep",
        "store",
        "seqn",
        "custom_message_type",
        "auth",
        "pnsdk",
        "ee",
        "t",
        "requestid",
        "%75uid",
        "x"
    };
    private static final String[] BODIES = {
        "", "1", "{\"a\":1}", "nojson", "\u00ff\u00fe", "[", "\"" + "x".repeat(5000) + "\""
    };
    private static final String[] METHODS = {"POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "get", "X"};

    private final SplittableRandom random;

    OddRequests(SplittableRandom random) {
        this.random = random;
    }

    /** One request, and what may become of it. */
    record Odd(byte[] bytes, boolean mayWait, boolean breaksFraming) {
        boolean isHead() {
            return startsWith("HEAD ");
        }

        boolean isPreflight() {
            return startsWith("OPTIONS ");
        }

        private boolean startsWith(String method) {
            return new String(bytes, 0, Math.min(bytes.length, method.length()), StandardCharsets.ISO_8859_1)
                    .equals(method);
        }

        String shown() {
            String text = new String(bytes, 0, Math.min(bytes.length, 600), StandardCharsets.ISO_8859_1);
            return text.replace("\r", "\\r").replace("\n", "\\n");
        }
    }

    Odd next() {
        String target = path();
        if (random.nextInt(10) > 0) {
            target += query();
        }
        boolean breaksFraming = false;
        if (random.nextInt(8) == 0) {
            target = mutate(target);
        }
        if (random.nextInt(300) == 0) {
            target += "?" + "y".repeat(40_000);
        }
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            breaksFraming |= c <= ' ' || c == 0x7F;
        }
        breaksFraming |= target.length() > 32 * 1024 || target.isEmpty() || target.charAt(0) != '/';
        String method = random.nextInt(8) == 0 ? pick(METHODS) : "GET";
        String headers = "Host: localhost\r\n";
        String body = "";
        if (method.equals("POST") || random.nextInt(50) == 0) {
            body = pick(BODIES);
            if (random.nextInt(10) == 0) {
                headers += "Content-Encoding: " + pick(new String[] {"gzip", "deflate", "identity", "br", ""}) + "\r\n";
                breaksFraming = true;
            }
            headers += "Content-Length: " + body.length() + "\r\n";
        }
        if (random.nextInt(100) == 0) {
            headers += pick(new String[] {
                "X-Odd: \u00ff\r\n",
                "Accept-Encoding: gzip;q=0\r\n",
                "X: " + "h".repeat(20_000) + "\r\n",
                "Expect: 200-ok\r\n",
                "Range: bytes=0-1\r\n",
                "Origin: null\r\nCookie: a=b\r\n"
            });
            breaksFraming = true;
        }
        byte[] bytes = (method + " " + target + " HTTP/1.1\r\n" + headers + "\r\n" + body)
                .getBytes(StandardCharsets.ISO_8859_1);
        boolean mayWait = target.contains("subscribe");
        return new Odd(bytes, mayWait, breaksFraming);
    }

    private String path() {
        String key = random.nextInt(8) == 0 ? pick(KEYS) : "sub";
        String presence = "/v2/presence/" + (random.nextBoolean() ? "sub-key/" : "sub_key/") + key;
        String groups = "/v1/channel-registration/sub-key/" + key;
        return switch (random.nextInt(22)) {
            case 0, 1 -> presence + "/channel/" + names() + "/heartbeat";
            case 2 -> presence + "/channel/" + names() + "/leave";
            case 3, 4 -> presence + "/channel/" + names();
            case 5 -> presence;
            case 6 -> presence + "/uuid/" + pick(NAMES);
            case 7 -> presence + "/channel/" + names() + "/uuid/" + pick(NAMES);
            case 8, 9 -> presence + "/channel/" + names() + "/uuid/" + pick(NAMES) + "/data";
            case 10 -> groups + "/channel-group/" + pick(NAMES);
            case 11 -> groups + "/channel-group";
            case 12 -> groups + "/channel-group/" + pick(NAMES) + "/remove";
            case 13 -> groups + "/namespace/" + pick(NAMES) + "/channel-group/" + pick(NAMES);
            case 14 -> "/v2/subscribe/" + key + "/" + names() + "/0";
            case 15 -> "/subscribe/" + key + "/" + names() + "/" + pick(NAMES) + "/" + pick(NUMBERS);
            case 16, 17 -> "/publish/pub/" + key + "/0/" + pick(NAMES) + "/0/" + pick(PAYLOADS);
            case 18 -> "/signal/pub/" + key + "/0/" + pick(NAMES) + "/0/" + pick(PAYLOADS);
            case 19 -> "/time/" + pick(NAMES);
            case 20 -> "/publish/pub/" + key + "/0/" + pick(NAMES) + "/0";
            default -> "/" + pick(NAMES) + "/" + pick(NAMES) + "//" + pick(NAMES);
        };
    }

    private String names() {
        if (random.nextInt(500) == 0) {
            return "n,".repeat(2500);
        }
        if (random.nextInt(200) == 0) {
            return "x".repeat(random.nextInt(85, 110));
        }
        return random.nextInt(4) == 0 ? pick(NAMES) + "," + pick(NAMES) : pick(NAMES);
    }

    private String query() {
        StringBuilder query = new StringBuilder("?");
        if (random.nextInt(6) > 0) {
            query.append("uuid=")
                    .append(random.nextInt(4) == 0 ? pick(NAMES) : "u" + random.nextInt(50))
                    .append('&');
        }
        for (int i = random.nextInt(5); i > 0; i--) {
            String name = pick(PARAMETERS);
            query.append(name);
            if (random.nextInt(20) > 0) {
                query.append('=').append(value(name));
            }
            query.append(random.nextInt(30) == 0 ? "&&" : "&");
        }
        return query.toString();
    }

    private String value(String name) {
        if (random.nextInt(10) == 0) {
            return pick(NAMES);
        }
        return switch (name) {
            case "state", "meta", "t" -> pick(STATES);
            case "filter-expr" -> pick(FILTERS);
            case "channel-group", "add", "remove", "uuid" -> names();
            case "callback" -> random.nextBoolean() ? "cb" : pick(NAMES);
            default -> pick(NUMBERS);
        };
    }

    /** Puts a random byte somewhere; not one that ends the request line. */
    private String mutate(String target) {
        int at = random.nextInt(target.length());
        int b = random.nextInt(256);
        if (b == '\r' || b == '\n' || b == ' ') {
            b = '/';
        }
        return target.substring(0, at) + (char) b + target.substring(random.nextBoolean() ? at : at + 1);
    }

    private String pick(String[] from) {
        return from[random.nextInt(from.length)];
    }
}
