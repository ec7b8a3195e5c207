package io.agentledger.projection.audit;

import org.springframework.data.jpa.repository.JpaRepository;

/** The rows of the access audit, to be written. */
interface AuditRowRepository extends JpaRepository<AuditRow, String> {}
