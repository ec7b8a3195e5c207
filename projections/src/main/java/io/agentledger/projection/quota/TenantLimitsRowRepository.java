package io.agentledger.projection.quota;

import org.springframework.data.jpa.repository.JpaRepository;

/** Repository of the limits of tenants. */
public interface TenantLimitsRowRepository extends JpaRepository<TenantLimitsRow, String> {}
