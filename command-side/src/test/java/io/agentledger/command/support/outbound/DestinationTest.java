package io.agentledger.command.support.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.agentledger.command.support.outbound.OutboundRefusedException.Rule;
import java.net.URI;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A URL has one unambiguous meaning, or it is rejected. */
class DestinationTest {
  @ParameterizedTest
  @CsvSource({
    "https://hooks.example.com/a?b=c#d, https://hooks.example.com/a?b=c, hooks.example.com, 443",
    "HTTP://Example.COM, http://example.com/, example.com, 80",
    "https://example.com.:443/, https://example.com/, example.com, 443",
    "https://example.com:8443/x, https://example.com:8443/x, example.com, 8443",
    "https://example.com:/x, https://example.com/x, example.com, 443",
    "https://xn--bcher-kva.example/, https://xn--bcher-kva.example/, xn--bcher-kva.example, 443",
    "http://8.8.8.8/, http://8.8.8.8/, 8.8.8.8, 80",
    "'http://[2606:4700::1]:80/', 'http://[2606:4700:0:0:0:0:0:1]/', 2606:4700:0:0:0:0:0:1, 80",
    "http://[::ffff:127.0.0.1]/, http://127.0.0.1/, 127.0.0.1, 80",
    "https://example.com/a/../b%2f;c, https://example.com/a/../b%2f;c, example.com, 443",
    "https://example.com/grüße, https://example.com/gr%C3%BC%C3%9Fe, example.com, 443",
  })
  void validUrlIsNormalized(String url, String rebuilt, String host, int port) {
    var destination = Destination.of(url);
    assertThat(destination.uri()).hasToString(rebuilt);
    assertThat(destination.host()).isEqualTo(host);
    assertThat(destination.port()).isEqualTo(port);
  }

  @ParameterizedTest
  @CsvSource({
    "'', URL",
    "example.com, URL",
    "//example.com/, URL",
    "ftp://example.com/, URL",
    "file:///etc/passwd, URL",
    "gopher://example.com/, URL",
    "jar:http://example.com!/, URL",
    "http:example.com, URL",
    "http:///a, URL",
    "'http://exa mple.com/', URL",
    "'http://example.com\\@evil.example/', URL",
    "'http://example.com/\u0000', URL",
    "'http://example.com/\r\nX: y', URL",
    "http://user@example.com/, USER_INFO",
    "http://user:secret@example.com/, USER_INFO",
    "http://example.com@127.0.0.1/, USER_INFO",
    "http://@127.0.0.1/, USER_INFO",
    "http://2130706433/, HOST",
    "http://017700000001/, HOST",
    "http://0x7f000001/, HOST",
    "http://0x7f.1/, HOST",
    "http://127.1/, HOST",
    "http://127.0.0.01/, HOST",
    "http://0177.0.0.1/, HOST",
    "http://127.0.0.0x1/, HOST",
    "http://1.2.3.4.5/, HOST",
    "http://256.1.1.1/, HOST",
    "http://a.b.0x/, HOST",
    "http://127.0.0.1../, HOST",
    "http://[fe80::1%25eth0]/, HOST",
    "http://[v1.a]/, URL",
    "http://-a.example/, HOST",
    "http://a..example/, HOST",
    "http://ｅxample.com/, HOST",
    "http://１２７.0.0.1/, HOST",
    "http://127。0。0。1/, HOST",
    "http://①②⑦.0.0.1/, HOST",
    "http://%31%32%37.0.0.1/, HOST",
    "http://example.com:80a/, PORT",
    "http://example.com:123456/, PORT",
    "http://example.com:-1/, PORT",
  })
  void rejectsObscuredUrls(String url, Rule rule) {
    assertThatExceptionOfType(OutboundRefusedException.class)
        .as(url)
        .isThrownBy(() -> Destination.of(url))
        .satisfies(e -> assertThat(e.rule()).isEqualTo(rule));
  }

  static String[] tooLong() {
    return new String[] {
      "https://example.com/" + "a".repeat(2_048),
      "https://" + "a".repeat(64) + ".example/",
      "https://" + "a.".repeat(130) + "example/"
    };
  }

  @ParameterizedTest
  @MethodSource("tooLong")
  void rejectsOverlongUrls(String url) {
    assertThatExceptionOfType(OutboundRefusedException.class).isThrownBy(() -> Destination.of(url));
  }

  @Property
  void anyInputIsParsedUnambiguouslyOrRejected(@ForAll("urls") String url) {
    var failure = catchThrowable(() -> Destination.of(url));
    if (failure != null) {
      assertThat(failure).isInstanceOf(OutboundRefusedException.class);
      return;
    }
    var destination = Destination.of(url);
    assertThat(URI.create(destination.uri().toString())).isEqualTo(destination.uri());
    assertThat(destination.uri().getRawUserInfo()).isNull();
    assertThat(destination.host()).matches("[a-z0-9_.:-]+");
    assertThat(Destination.of(destination.uri().toString())).isEqualTo(destination);
  }

  @Provide
  Arbitrary<String> urls() {
    var parts =
        Arbitraries.of(
            "http",
            "https",
            "HTTP",
            "ftp",
            ":",
            "//",
            "/",
            "\\",
            "@",
            "user",
            "127.0.0.1",
            "0x7f",
            "2130706433",
            "0177",
            "[::1]",
            "[",
            "]",
            "%",
            "%2e",
            "%00",
            ".",
            "..",
            "localhost",
            "#",
            "?",
            "example.com",
            "１",
            "。",
            "\u202e",
            "\u0000",
            "\r\n",
            "\t",
            ":80",
            ":443",
            ":0",
            "xn--",
            "a");
    var shaped = parts.list().ofMaxSize(8).map(all -> "http://" + String.join("", all));
    return Arbitraries.oneOf(
        shaped, parts.list().ofMaxSize(12).map(all -> String.join("", all)), Arbitraries.strings());
  }
}
