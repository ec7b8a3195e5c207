package io.agentledger.query.subscription;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Query handlers for subscriptions. */
@Configuration(proxyBeanMethods = false)
@Import({SubscriptionQueryHandler.class, DeliveryQueryHandler.class})
public class SubscriptionQueryConfiguration {
  @Bean
  DeliveryReader deliveryReader(JdbcClient sql) {
    return new DeliveryReader(sql);
  }
}
