package io.agentledger.command.flow.provider;

import io.agentledger.api.vault.SecretReader;
import io.agentledger.command.support.outbound.OutboundHttpClient;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans for the clients of providers. */
@Configuration(proxyBeanMethods = false)
public class ProviderConfiguration {
  @Bean
  GitHubLogins gitHubLogins(SecretReader secretReader, OutboundHttpClient outbound, Clock clock) {
    return new GitHubLogins(
        new ProviderSecrets(secretReader), new ProviderRequests(outbound, clock), clock);
  }

  @Bean
  ProviderClient providerClient(
      GitHubLogins logins, SecretReader secretReader, OutboundHttpClient outbound, Clock clock) {
    return new RoutingProviderClient(
        logins, new ProviderRequests(outbound, clock), new ProviderSecrets(secretReader));
  }
}
