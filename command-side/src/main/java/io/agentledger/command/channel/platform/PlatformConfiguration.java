package io.agentledger.command.channel.platform;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Registry of the platforms that are beans. */
@Configuration(proxyBeanMethods = false)
public class PlatformConfiguration {
  @Bean
  PlatformRegistry platformRegistry(ObjectProvider<Platform> platforms) {
    return new PlatformRegistry(platforms.stream().toList());
  }
}
