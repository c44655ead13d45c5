"""The performance report: one value about one learner, on screen, on paper and as JSON.

docs/performance-report.md says where each field of s2's PerformanceReport is, and what it means.
"""
