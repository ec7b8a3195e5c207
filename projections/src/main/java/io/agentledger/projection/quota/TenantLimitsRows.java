package io.agentledger.projection.quota;

import org.springframework.data.jpa.repository.JpaRepository;

/** The limits of tenants. */
public interface TenantLimitsRows extends JpaRepository<TenantLimitsRow, String> {}
