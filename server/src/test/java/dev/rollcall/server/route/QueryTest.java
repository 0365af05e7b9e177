package dev.rollcall.server.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QueryTest {
    @Test
    void get_firstValueWins() {
        assertThat(Query.of("a=1&a=2").get("a")).isEqualTo("1");
    }

    @Test
    void get_bareAndEmptyParametersAreEmpty() {
        Query query = Query.of("ee&tt=&uuid=u");
        assertThat(query.get("ee")).isEmpty();
        assertThat(query.get("tt")).isEmpty();
        assertThat(query.text("tt")).isNull();
        assertThat(query.text("ee")).isNull();
        assertThat(query.get("uuid")).isEqualTo("u");
        assertThat(query.get("uui")).isNull();
    }

    @Test
    void get_valueMayHoldEqualsSignsAndUnescapedCharacters() {
        Query query = Query.of("state={\"a\":1}&filter-expr=a==b&uuid=100%&x");
        assertThat(query.get("state")).isEqualTo("{\"a\":1}");
        assertThat(query.get("filter-expr")).isEqualTo("a==b");
        assertThat(query.get("uuid")).isEqualTo("100%");
    }

    @Test
    void get_encodedNamesAreFound() {
        assertThat(Query.of("channel%2Dgroup=g").names("channel-group")).containsExactly("g");
    }

    @Test
    void of_oddSeparatorsAreHarmless() {
        Query query = Query.of("&&=x&=&a=1&&b=2&");
        assertThat(query.get("a")).isEqualTo("1");
        assertThat(query.get("b")).isEqualTo("2");
        assertThat(query.get("")).isNull();
        assertThat(Query.of(null).get("a")).isNull();
    }

    @Test
    void of_takesManyParameters() {
        StringBuilder raw = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            raw.append('p').append(i).append('=').append(i).append('&');
        }
        assertThat(Query.of(raw.toString()).get("p99")).isEqualTo("99");
    }

    @Test
    void names_splitsAndDecodes() {
        assertThat(Query.of("channel-group=a%2Cb,c+d").names("channel-group")).containsExactly("a", "b", "c d");
        assertThat(Query.of("channel-group=,").names("channel-group")).isEmpty();
    }

    @Test
    void isOn_oneAndTrue() {
        assertThat(Query.of("a=1").isOn("a")).isTrue();
        assertThat(Query.of("a=true").isOn("a")).isTrue();
        assertThat(Query.of("a=0").isOn("a")).isFalse();
        assertThat(Query.of("a").isOn("a")).isFalse();
        assertThat(Query.of("b=1").isOn("a")).isFalse();
    }

    @Test
    void get_findsTheOneAmongThousands() {
        for (String one : new String[] {"a&", "a=&", "%61=&", "%61&", "&", "=&", "%&", "%6&"}) {
            assertThat(Query.of(one.repeat(8000) + "b=1").get("b")).isEqualTo("1");
            assertThat(Query.of(one.repeat(8000) + "%62=1").get("b")).isEqualTo("1");
            assertThat(Query.of(one.repeat(8000)).get("ab")).isNull();
        }
    }
}
