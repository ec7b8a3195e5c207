package io.agentledger.gateway.support.edge;

import java.util.function.Predicate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;

/**
 * Spring Security's firewall with its own rules. It checks headers by regular expressions whenever
 * one is read, so text of printable ASCII, which its rules accept, is accepted first.
 */
@Configuration(proxyBeanMethods = false)
class FirewallConfiguration {

  @Bean
  StrictServerWebExchangeFirewall serverWebExchangeFirewall() {
    var firewall = new StrictServerWebExchangeFirewall();
    firewall.setAllowedHeaderNames(
        acceptAsciiFirst(StrictServerWebExchangeFirewall.ALLOWED_HEADER_NAMES));
    firewall.setAllowedHeaderValues(
        acceptAsciiFirst(StrictServerWebExchangeFirewall.ALLOWED_HEADER_VALUES));
    firewall.setAllowedParameterNames(
        acceptAsciiFirst(StrictServerWebExchangeFirewall.ALLOWED_PARAMETER_NAMES));
    return firewall;
  }

  static Predicate<String> acceptAsciiFirst(Predicate<String> rule) {
    return text -> text != null && isPrintableAscii(text) || rule.test(text);
  }

  private static boolean isPrintableAscii(String text) {
    for (int i = 0; i < text.length(); i++)
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') return false;
    return true;
  }
}
