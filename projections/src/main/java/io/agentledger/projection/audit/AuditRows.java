package io.agentledger.projection.audit;

import org.springframework.data.jpa.repository.JpaRepository;

/** The rows of the access audit, to be written. */
interface AuditRows extends JpaRepository<AuditRow, String> {}
