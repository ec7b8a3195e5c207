package io.agentledger.api.environment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternTest {
  private static HostPattern rule(String line) {
    return HostPattern.of(line).orElseThrow();
  }

  @ParameterizedTest(name = "{0} means {1}:{2}")
  @CsvSource({
    "registry.example, registry.example, 443",
    "Registry.Example, registry.example, 80",
    "*.example.com, a.example.com, 443",
    "*.example.com, a.b.example.com, 80",
    "registry.example:8443, registry.example, 8443",
    "192.0.2.7, 192.0.2.7, 80",
    "'[2001:db8::7]:8080', 2001:db8:0:0:0:0:0:7, 8080",
    "'[::ffff:192.0.2.7]', 192.0.2.7, 80",
    "localhost:3000, localhost, 3000"
  })
  void patternMatchesItsHosts(String line, String host, int port) {
    assertThat(rule(line).covers(host, port)).isTrue();
  }

  @ParameterizedTest(name = "{0} does not mean {1}:{2}")
  @CsvSource({
    "registry.example, registry.example, 8080",
    "registry.example, evil-registry.example, 443",
    "registry.example, a.registry.example, 443",
    "*.example.com, example.com, 443",
    "*.example.com, evilexample.com, 443",
    "*.example.com, .example.com, 443",
    "*.example.com, example.com.evil.test, 443",
    "registry.example:8443, registry.example, 443",
    "192.0.2.7, 192.0.2.77, 80"
  })
  void patternMatchesNoOtherHosts(String line, String host, int port) {
    assertThat(rule(line).covers(host, port)).isFalse();
  }

  @ParameterizedTest(name = "{0} is no host")
  @ValueSource(
      strings = {
        "",
        "*",
        "*.",
        "a.*.example",
        "http://example.com",
        "example.com/path",
        "user@example.com",
        "example.com:0",
        "example.com:65536",
        "example.com:",
        "exa mple.com",
        "-example.com",
        "example..com",
        "example.com.",
        "0x7f.1",
        "2130706433",
        "127.1",
        "*.0.0.1",
        "*.[::1]",
        "[::1"
      })
  void rejectsAmbiguousPatterns(String line) {
    assertThat(HostPattern.of(line)).isEmpty();
  }

  @Test
  void deniedPatternWithoutPortCoversEveryPort() {
    assertThat(rule("a.example").denies("a.example", 8080)).isTrue();
    assertThat(rule("a.example:80").denies("a.example", 8080)).isFalse();
  }

  @ParameterizedTest(name = "{0} holds {1}: {2}")
  @CsvSource({
    "*.example.com, a.example.com, true",
    "*.example.com, *.a.example.com, true",
    "*.example.com, *.example.com, true",
    "*.example.com, example.com, false",
    "*.example.com, *.com, false",
    "a.example.com, *.example.com, false",
    "a.example.com, a.example.com:443, true",
    "a.example.com, a.example.com:8080, false",
    "a.example.com:8080, a.example.com:8080, true",
    "a.example.com:8080, a.example.com, false"
  })
  void patternCoversAnotherIfItMatchesAllItsHosts(String most, String requested, boolean holds) {
    assertThat(rule(most).covers(rule(requested))).isEqualTo(holds);
  }
}
