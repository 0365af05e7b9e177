package dev.rollcall.server.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.rollcall.engine.MessageFilter;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import java.nio.charset.StandardCharsets;

/** Whatever a filter expression says, it is a filter or a syntax error, and a filter decides about every message. */
class FilterFuzzTest {
    @FuzzTest
    void parse(byte[] input) {
        MessageFilter filter;
        try {
            filter = FilterParser.parse(new String(input, StandardCharsets.UTF_8));
        } catch (ProtocolException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.FILTER_SYNTAX);
            return;
        }
        filter.accepts(
                Messages.message("{\"a\":{\"b\":[1,2.5,\"x\",true,null]},\"n\":1e308,\"s\":\"\"}", "{\"a\":1}", "u"));
        filter.accepts(Messages.message("1e999999999", null, null));
        filter.accepts(Messages.join("u", 1));
    }
}
