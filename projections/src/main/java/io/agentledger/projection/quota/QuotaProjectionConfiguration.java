package io.agentledger.projection.quota;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The beans of the group "quota". */
@Configuration(proxyBeanMethods = false)
@Import(QuotaProjection.class)
public class QuotaProjectionConfiguration {
  @Bean
  QuotaTables quotaTables(
      TenantLimitsRows tenants,
      UserLimitsRows users,
      Reservations reservations,
      Months months,
      Storages storages) {
    return new QuotaTables(tenants, users, reservations, months, storages);
  }
}
