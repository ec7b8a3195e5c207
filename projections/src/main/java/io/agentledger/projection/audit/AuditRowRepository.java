package io.agentledger.projection.audit;

import org.springframework.data.jpa.repository.JpaRepository;

/** Repository for writing the rows of the access audit. */
interface AuditRowRepository extends JpaRepository<AuditRow, String> {}
