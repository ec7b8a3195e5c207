package io.agentledger.projection.cost;

import org.springframework.data.jpa.repository.JpaRepository;

/** Repository of the owners and agents of sessions. */
public interface CostSessionRowRepository extends JpaRepository<CostSessionRow, String> {}
