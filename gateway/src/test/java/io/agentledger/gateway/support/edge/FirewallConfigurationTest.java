package io.agentledger.gateway.support.edge;

import static io.agentledger.gateway.support.edge.FirewallConfiguration.acceptAsciiFirst;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;

class FirewallConfigurationTest {

  static Stream<Predicate<String>> rules() {
    return Stream.of(
        StrictServerWebExchangeFirewall.ALLOWED_HEADER_NAMES,
        StrictServerWebExchangeFirewall.ALLOWED_HEADER_VALUES,
        StrictServerWebExchangeFirewall.ALLOWED_PARAMETER_NAMES);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void decidesAsTheRule(Predicate<String> rule) {
    var fast = acceptAsciiFirst(rule);
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      var text = "a" + Character.toString(codePoint);
      if (fast.test(text) != rule.test(text)) fail("U+%X is decided otherwise", codePoint);
    }
    assertThat(fast.test("")).isEqualTo(rule.test(""));
    assertThat(fast.test(null)).isEqualTo(rule.test(null));
    assertThat(fast.test("a\u0000")).isFalse();
  }
}
