/**
 * Deadlines of many pieces of work with one timer.
 *
 * @module
 */
export { type CoarseDeadline, CoarseDeadlines } from "./coarse_deadlines.ts";
export { type Deadline, Deadlines, type DeadlinesOptions } from "./deadline_list.ts";
export { DeadlineLists } from "./deadline_lists.ts";
