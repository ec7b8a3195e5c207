package io.agentledger.projection.quota;

import org.springframework.data.jpa.repository.JpaRepository;

/** Repository of the reservations of runs in progress. */
public interface ReservationRowRepository extends JpaRepository<ReservationRow, String> {}
