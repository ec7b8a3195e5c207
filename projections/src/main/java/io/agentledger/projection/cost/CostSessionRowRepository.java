package io.agentledger.projection.cost;

import org.springframework.data.jpa.repository.JpaRepository;

/** What sessions' costs are put down to. */
public interface CostSessionRowRepository extends JpaRepository<CostSessionRow, String> {}
