package io.agentledger.projection.cost;

import org.springframework.data.jpa.repository.JpaRepository;

/** Repository of costs by day. */
public interface CostDayRowRepository extends JpaRepository<CostDayRow, String> {}
