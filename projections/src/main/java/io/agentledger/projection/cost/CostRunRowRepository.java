package io.agentledger.projection.cost;

import org.springframework.data.jpa.repository.JpaRepository;

/** What runs cost. */
public interface CostRunRowRepository extends JpaRepository<CostRunRow, String> {}
