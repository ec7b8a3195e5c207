package io.agentledger.gateway.support.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpRange;

class ByteRangesTest {
  private static final String ETAG = "\"1\"";

  private static @Nullable HttpRange parse(String range) {
    return ByteRanges.parse(range, null, ETAG);
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=2-5, 2, 5",
    "bytes=2-, 2, 9",
    "bytes=-3, 7, 9",
    "bytes=0-99999999999999999999, 0, 9"
  })
  void rangeEndsWithTheContent(String header, long start, long end) {
    assertThat(parse(header))
        .isNotNull()
        .matches(range -> range.getRangeStart(10) == start && range.getRangeEnd(10) == end);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=1-2,4-5", "bytes=x", "pages=1-2", "bytes=5-2"})
  void severalAndInvalidRangesAreIgnored(String header) {
    assertThat(parse(header)).isNull();
  }

  @Test
  void rangeOfAnotherContentIsIgnored() {
    assertThat(ByteRanges.parse("bytes=0-1", "\"0\"", ETAG)).isNull();
    assertThat(ByteRanges.parse("bytes=0-1", ETAG, ETAG)).isNotNull();
    assertThat(ByteRanges.parse(null, null, ETAG)).isNull();
  }
}
