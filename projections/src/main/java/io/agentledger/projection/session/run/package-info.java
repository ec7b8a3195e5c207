/** Read models of runs, side requests and CLI processes. */
@org.jspecify.annotations.NullMarked
package io.agentledger.projection.session.run;
