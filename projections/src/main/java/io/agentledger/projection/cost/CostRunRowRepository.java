package io.agentledger.projection.cost;

import org.springframework.data.jpa.repository.JpaRepository;

/** Repository of costs by run. */
public interface CostRunRowRepository extends JpaRepository<CostRunRow, String> {}
