package io.agentledger.projection.cost;

import org.springframework.data.jpa.repository.JpaRepository;

/** What days cost. */
public interface CostDayRowRepository extends JpaRepository<CostDayRow, String> {}
