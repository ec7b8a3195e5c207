package io.agentledger.projection.audit;

import org.springframework.data.jpa.repository.JpaRepository;

/** Repository of the last states of configurations. */
interface AuditStateRepository extends JpaRepository<AuditStateRow, AuditStateKey> {}
