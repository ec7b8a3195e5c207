package io.agentledger.projection.quota;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Beans of the group "quota". */
@Configuration(proxyBeanMethods = false)
@Import(QuotaProjection.class)
public class QuotaProjectionConfiguration {
  @Bean
  QuotaRepositories quotaTables(
      TenantLimitsRowRepository tenants,
      UserLimitsRowRepository users,
      ReservationRowRepository reservations,
      MonthlySpendingRowRepository monthlySpendingRowRepository,
      StorageUsageRowRepository storages) {
    return new QuotaRepositories(
        tenants, users, reservations, monthlySpendingRowRepository, storages);
  }
}
