package dev.rollcall.server.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is empty or said twice grants nothing: a name less may be a right more. */
class KeyGrantRouteTest extends RouteFixture {
    private static final String GRANT = "/v2/auth/grant/sub-key/sub?";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    channel=&r=1|channel: an empty name
                    channel&r=1|channel: an empty name
                    %63hannel=&r=1|channel: an empty name
                    channel=,&r=1|channel: an empty name
                    channel=%2C&r=1|channel: an empty name
                    channel=a,&r=1|channel: an empty name
                    channel=a,,b&r=1|channel: an empty name
                    channel-group=&r=1|channel-group: an empty name
                    target-uuid=&g=1|target-uuid: an empty name
                    channel=a&auth=&r=1|auth: an empty name
                    channel=a&auth=k,&r=1|auth: an empty name
                    channel=a&channel=b&r=1|channel: 2 times
                    channel=a&%63hannel=b&r=1|channel: 2 times
                    channel=a&auth=k&auth=&r=1|auth: 2 times
                    channel=a&r=0&r=1|r: 2 times
                    channel=a&r=1&ttl=1&ttl=0|ttl: 2 times
                    channel=a&r=1&ttl=+5|ttl:  5
                    channel=a&r=1&ttl=2147483648|ttl: 2147483648
                    channel=a&r=1&ttl=99999999999999999999|ttl: 99999999999999999999
                    channel=a&r=1&ttl=-5|ttl: -5
                    channel=a&r=1&ttl=525601|ttl: 525601
                    """)
    void grant_refusesWhatIsEmptyOrThereTwice(String query, String message) {
        assertError(GRANT + query, 400, "Access Manager", message);
    }

    @Test
    void grant_takesWhatSdksSend() {
        assertThat(get(GRANT + "channel=a,b&auth=k&r=1&w=0&m=0&ttl=10").status())
                .isEqualTo(200);
        assertThat(get(GRANT + "r=1").status()).isEqualTo(200);
        assertThat(get(GRANT + "channel=a&r=1&ttl=-1").status()).isEqualTo(200);
    }
}
