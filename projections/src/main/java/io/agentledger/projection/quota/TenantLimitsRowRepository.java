package io.agentledger.projection.quota;

import org.springframework.data.jpa.repository.JpaRepository;

/** The limits of tenants. */
public interface TenantLimitsRowRepository extends JpaRepository<TenantLimitsRow, String> {}
